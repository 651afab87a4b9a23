module inheriting

go 1.19
