"""An organization as one text that anybody can check and ask later."""
