"""Money is counted in whole fen and shown in yuan."""


def yuan(amount_fen: int) -> str:
    """1500 → `15.00`."""
    return f"{amount_fen // 100}.{amount_fen % 100:02d}"
