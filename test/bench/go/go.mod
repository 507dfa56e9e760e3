module drowse.dev/bench/reverseproxy

go 1.19
