"""What tests share: a program in a real terminal, faults on raw sockets, line mode talked with, mutations."""
