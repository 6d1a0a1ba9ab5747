"""What the benchmarks promise: a figure, and the most that it may be."""


def promised(what: str, value: float, most: float) -> bool:
    """Print one promise and whether it was kept."""
    print(f"  {'kept' if value <= most else 'BROKEN':6} {what}: {value:.2f} (at most {most:.2f})", flush=True)
    return value <= most
