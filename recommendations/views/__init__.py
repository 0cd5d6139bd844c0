"""Readers' pages: functions that fetch data and render a template."""
