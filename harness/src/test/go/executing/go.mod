module executing

go 1.19
