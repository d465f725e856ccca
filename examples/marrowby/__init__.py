"""Marrowby Foods, Inc., a fictional baker, and its quarterly report for the second quarter of fiscal 2024."""
