module badwrite

go 1.19
