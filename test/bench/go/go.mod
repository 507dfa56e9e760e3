module drowse.dev/bench

go 1.19
