"""The bodies of the commands, one file each; `kiosk.cli` reads the words and calls them."""
