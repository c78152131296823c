import { Injectable } from '@nestjs/common';

/** Tells the relay that something was committed. A hint only: the relay polls as well, so a lost wake-up costs a second and no event. */
@Injectable()
export class RelayWake {
  private readonly listeners = new Set<() => void>();

  wake(): void {
    for (const listener of this.listeners) listener();
  }

  /** Calls back on every wake-up until the returned function is called. */
  onWake(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
