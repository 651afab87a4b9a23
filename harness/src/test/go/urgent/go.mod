module urgent

go 1.19
