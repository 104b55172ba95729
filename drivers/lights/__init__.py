"""Lights on a Modbus RTU I/O board: driver and emulator."""
