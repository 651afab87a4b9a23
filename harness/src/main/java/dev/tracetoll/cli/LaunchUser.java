package dev.tracetoll.cli;

import dev.tracetoll.linux.process.Inheritance;
import dev.tracetoll.linux.process.User;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.MachineCannot;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whom a program runs as that a command launches: tracing may take root, and the program need not be root's for that. */
final class LaunchUser {

    /** What sudo tells of who has called it, in the environment; see sudo(8). */
    private static final String CALLER = "SUDO_UID";

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description =
                    "Launch the program as this user, with the user's groups and HOME (default: under sudo, whoever called it; else "
                            + "whoever runs this).")
    private @Nullable String name;

    /** Whether a user was named. */
    boolean given() {
        return name != null;
    }

    /**
     * What a program inherits that is launched: all that this command was given, as the user whose program it is to be.
     *
     * @param notices told, in a line, if that is another than who runs this command, and nobody has named
     * @throws BadInput if there is no such user
     * @throws MachineCannot if who runs this command may not run programs as another
     */
    Inheritance inheritance(Path program, Consumer<String> notices) {
        Inheritance all = Inheritance.ofThisCommand();
        if (name == null) {
            return calledBySudo()
                    .map(caller -> {
                        notices.accept("launching " + program + " as " + caller.name()
                                + ", who called sudo; --user root launches it as root");
                        return all.as(caller);
                    })
                    .orElse(all);
        }
        User user =
                User.named(name).orElseThrow(() -> new BadInput("There is no user \"" + name + "\" on this system"));
        if (user.id() == User.own()) {
            return all;
        }
        if (User.own() != User.ROOT) {
            throw new MachineCannot(
                    "Launching " + program + " as " + name,
                    "only root may run programs as another user",
                    "run this command by sudo, or leave out --user");
        }
        return all.as(user);
    }

    private static Optional<User> calledBySudo() {
        String caller = System.getenv(CALLER);
        if (User.own() != User.ROOT || caller == null || !caller.matches("[0-9]{1,9}")) {
            return Optional.empty();
        }
        int id = Integer.parseInt(caller);
        if (id == User.ROOT) {
            return Optional.empty();
        }
        return Optional.of(User.numbered(id)
                .orElseThrow(() -> new BadInput("The user " + id + ", who called sudo, is none of this system's; "
                        + "--user NAME says whom to launch the program as")));
    }
}
