module tracetoll.dev/callback

go 1.19
