module drowse.dev/test/cluster/apps

go 1.21
