/** The text is no table that can be read; the message says where and why. */
export class BrokenCsv extends Error {}

/** One record with the number it has in the file, the first being 1. */
export interface CsvRecord { line: number; cells: string[] }

const MAX_CELL = 20_000;
const MAX_CELLS = 200;
const DELIMITERS = [',', ';', '\t', '|'] as const;

/** What separates the cells of a table that begins with this line: what stands most often outside quotation marks. */
export function delimiterOf(firstLine: string): string {
  const bare = firstLine.replace(/"[^"]*"/g, '');
  return DELIMITERS.map((delimiter) => ({ delimiter, n: bare.split(delimiter).length })).reduce((best, one) => (one.n > best.n ? one : best)).delimiter;
}

/** Reads comma-separated values (RFC 4180, any delimiter, any line end) as their text arrives. Empty lines are left out. */
export class CsvReader {
  private cell = '';
  private cells: string[] = [];
  private records = 0;
  /** Where the cell stands: not begun, in plain text, within quotation marks, or just after the closing one. */
  private at: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  private afterReturn = false;
  private quotedSince = 0;

  constructor(private readonly delimiter: string) {}

  /** The records that this piece of the text completes. Throws BrokenCsv. */
  * push(text: string): Generator<CsvRecord> {
    for (const char of text) {
      const follows = this.afterReturn;
      this.afterReturn = false;
      if (this.at === 'quoted') {
        if (char === '"') this.at = 'closed';
        else this.add(char);
      } else if (char === '"' && this.at !== 'plain') {
        // Two in a row inside a quoted cell are one that belongs to it.
        if (this.at === 'closed') this.add(char);
        else this.quotedSince = this.records + 1;
        this.at = 'quoted';
      } else if (char === this.delimiter) {
        this.endCell();
      } else if (char === '\n' || char === '\r') {
        this.afterReturn = char === '\r';
        if (char === '\n' && follows) continue;
        yield* this.endRecord();
      } else {
        this.at = this.at === 'closed' ? 'closed' : 'plain';
        this.add(char);
      }
    }
  }

  /** The last record, which needs no line end. Throws BrokenCsv when it ends inside quotation marks. */
  * end(): Generator<CsvRecord> {
    if (this.at === 'quoted') throw new BrokenCsv(`A quotation mark in row ${this.quotedSince} is never closed.`);
    yield* this.endRecord();
  }

  private add(char: string): void {
    this.cell += char;
    if (this.cell.length > MAX_CELL) throw new BrokenCsv(this.at === 'quoted' ? `A quotation mark in row ${this.quotedSince} is never closed.` : `Row ${this.records + 1} has a cell of more than ${MAX_CELL} characters.`);
  }

  private endCell(): void {
    this.cells.push(this.cell);
    this.cell = '';
    this.at = 'start';
    if (this.cells.length > MAX_CELLS) throw new BrokenCsv(`Row ${this.records + 1} has more than ${MAX_CELLS} cells.`);
  }

  private* endRecord(): Generator<CsvRecord> {
    this.endCell();
    const cells = this.cells;
    this.cells = [];
    if (cells.every((cell) => cell.trim() === '')) return;
    this.records++;
    yield { line: this.records, cells };
  }
}
