module tracetoll.dev/targets

go 1.19
