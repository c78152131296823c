/** A column whose texts are sealed, so that all of them can be brought under another key. Who seals one tells of it in `setup/keys/sealed-columns.ts`. */
export interface SealedColumn {
  table: string;
  column: string;
  /** Columns that name a row. */
  row: readonly string[];
  /** What the text of a row is sealed with besides the key. */
  context(row: SealedRow): string;
}
/** The values of the naming columns. */
export type SealedRow = Readonly<Record<string, number | string>>;
