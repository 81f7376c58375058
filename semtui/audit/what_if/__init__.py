"""What changes would do, before anything is sent: who gains and loses what, and what Semaphore would refuse."""
