const PER_SECOND = 20;
const BURST = 40;
/** So many refused in a row mean a broken or hostile client. */
const PATIENCE = 200;

/** How much one client may ask for: twenty commands a second, forty at once. */
export class CommandBudget {
  private tokens = BURST;
  private filled = Date.now();
  private refused = 0;

  /** Whether one more command is let through; `enough` when the client has been refused so often that it should go. */
  take(): 'ok' | 'refused' | 'enough' {
    const now = Date.now();
    this.tokens = Math.min(BURST, this.tokens + (now - this.filled) / 1_000 * PER_SECOND);
    this.filled = now;
    if (this.tokens < 1) return ++this.refused > PATIENCE ? 'enough' : 'refused';
    this.tokens -= 1;
    this.refused = 0;
    return 'ok';
  }
}
