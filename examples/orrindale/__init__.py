"""Orrindale Instruments Corporation, a fictional maker of laboratory instruments, and its filings for 2024."""
