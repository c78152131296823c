import { Injectable } from '@nestjs/common';

/** Somebody opened the chat on a website. */
export interface ChatOpening { accountId: number; inboxId: number; sourceId: string; info: Record<string, unknown> }

/** Passes on that a chat was opened, to those in this process who want to know: it leaves nothing behind. */
@Injectable()
export class ChatOpenings {
  private readonly listeners: ((opening: ChatOpening) => void)[] = [];

  onOpened(listener: (opening: ChatOpening) => void): void {
    this.listeners.push(listener);
  }

  tell(opening: ChatOpening): void {
    for (const listener of this.listeners) listener(opening);
  }
}
