module tracetoll.dev/truth

go 1.19
