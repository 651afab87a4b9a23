/** What can go wrong, named by what the user can do about it; each kind has its exit code. */
package dev.tracetoll.problem;
