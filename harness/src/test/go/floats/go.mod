module tracetoll.dev/floats

go 1.19
