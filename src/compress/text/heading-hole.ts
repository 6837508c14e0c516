/** Stands in a heading over lines for the part in which they differ: `src/…` over ` app.py` and ` cli.py`. */
export const headingHole = "…";
