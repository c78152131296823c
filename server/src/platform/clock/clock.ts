/** The time as the process sees it. Tests move it; the database's own now() is used inside SQL. */
export class Clock {
  private offset = 0;

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + this.offset;
  }

  date(): Date {
    return new Date(this.now());
  }

  /** Moves the clock of this process by so many milliseconds. Only tests call it. */
  advance(milliseconds: number): void {
    this.offset += milliseconds;
  }
}
