/** Collects the figures; a figure with a limit is kept or missed. */
export class Report {
  #missed = 0;

  /** Prints `name  value unit`, and the limit when there is one. `atMost`/`atLeast` decide. */
  figure(name, value, unit, { atMost, atLeast } = {}) {
    const limit = atMost !== undefined ? `≤ ${atMost}` : atLeast !== undefined ? `≥ ${atLeast}` : '';
    const isMissed = (atMost !== undefined && !(value <= atMost)) || (atLeast !== undefined && !(value >= atLeast));
    if (isMissed) this.#missed++;
    const shown = Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : Number(value.toPrecision(3)).toString();
    process.stdout.write(`  ${name.padEnd(62)} ${shown.padStart(9)} ${unit.padEnd(10)} ${limit.padEnd(8)} ${limit && (isMissed ? 'MISSED' : 'kept')}\n`);
  }

  title(text) {
    process.stdout.write(`\n${text}\n`);
  }

  get missed() {
    return this.#missed;
  }
}
