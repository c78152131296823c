import type { Socket } from 'socket.io';
import type { z } from 'zod';
import { CommandBudget } from './command-budget.js';

type Ack = (answer: { error?: string }) => void;

/** One event a client may send. */
export interface ClientEvent<S extends z.ZodType = z.ZodType> {
  schema: S;
  handle(socket: Socket, data: z.infer<S>): Promise<void> | void;
}

/** Ties schema and handler, so that the handler gets what the schema says. */
export const clientEvent = <S extends z.ZodType>(schema: S, handle: ClientEvent<S>['handle']): ClientEvent<S> => ({ schema, handle });

/**
 * Listens to these events and no others. Each is checked against its schema; what is wrong is answered with an error when the client asked for
 * an answer. More than 20 a second are dropped; an unknown event ends the connection.
 */
export function listenTo(socket: Socket, events: Record<string, ClientEvent>, onError: (error: unknown) => void): void {
  const budget = new CommandBudget();
  socket.onAny((name: string, ...args: unknown[]) => {
    const answer: Ack = typeof args.at(-1) === 'function' ? args.at(-1) as Ack : () => undefined;
    const event = Object.hasOwn(events, name) ? events[name] : undefined;
    if (!event) {
      socket.disconnect(true);
      return;
    }
    const may = budget.take();
    if (may === 'enough') socket.disconnect(true);
    if (may !== 'ok') return answer({ error: 'Too many events.' });
    const data = event.schema.safeParse(args[0]);
    if (!data.success) return answer({ error: data.error.issues.map((issue) => `${issue.path.join('.') || name}: ${issue.message}`).join(', ') });
    void Promise.resolve().then(() => event.handle(socket, data.data)).then(() => answer({}), (error: unknown) => {
      onError(error);
      answer({ error: 'Something went wrong on our side.' });
    });
  });
}
