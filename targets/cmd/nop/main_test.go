package main

import "testing"

func TestItReturns(t *testing.T) {
	probed()
}
