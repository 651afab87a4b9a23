module unruly

go 1.19
