const RISKY = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?\d+([.,]\d+)?$/;

/** A cell that no spreadsheet program takes for a formula: it would run on the computer of whoever opens the file. */
export const harmless = (value: string): string => (RISKY.test(value) && !NUMBER.test(value) ? `'${value}` : value);

/** What a cell said before it was made harmless. */
export const unguarded = (value: string): string => (/^'[=+\-@\t\r]/.test(value) ? value.slice(1) : value);

/** One line of comma-separated values, with its end. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => {
    const safe = harmless(cell);
    return /[",;\r\n\t]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }).join(',')}\r\n`;
}

/** Tells spreadsheet programs that what follows is UTF-8. */
export const BYTE_ORDER_MARK = '\ufeff';
