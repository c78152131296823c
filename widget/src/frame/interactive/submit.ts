import { request } from '../api/http';
import type { WireMessage } from '../api/wire';
import { receive } from '../conversation';

/** Answers a question; the thread shows the answer. Throws RequestFailed. */
export async function submit(message: WireMessage, values: unknown): Promise<void> {
  receive([await request<WireMessage>('PATCH', `messages/${message.id}`, { message: { submitted_values: values } })]);
}
