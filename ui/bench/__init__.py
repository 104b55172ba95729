"""What `kiosk bench ui` times: the machine's screen, and a bare page with as many texts and rectangles. Each measurement is a process of its own."""
