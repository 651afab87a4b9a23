module tracetoll.dev/own

go 1.19
