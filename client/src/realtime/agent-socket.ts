import { io, type Socket } from 'socket.io-client';
import type { AgentEvent } from './agent-event.types';
import type { Availability } from '../api/types';

/** What the server may say on the agent socket. */
interface ServerEvents {
  event: (event: AgentEvent) => void;
  sync: (sync: { last_seq: number }) => void;
  session_revoked: () => void;
}

/** What this client may say. */
interface ClientEvents {
  presence: (presence: { availability?: Availability }) => void;
  viewing: (viewing: { conversation_id: number | null }) => void;
  typing: (typing: { conversation_id: number; on: boolean; is_private: boolean }) => void;
}

export type AgentSocket = Socket<ServerEvents, ClientEvents>;

/** Opens the agents' socket of an account with the session cookie. Reconnects for ever, with jitter, at most every 15 s. */
export function openAgentSocket(accountId: number): AgentSocket {
  return io('/agent', {
    path: '/socket.io',
    transports: ['websocket', 'polling'],
    // Without this a proxy that forbids websockets would never be got past.
    tryAllTransports: true,
    withCredentials: true,
    auth: { account_id: accountId },
    reconnectionDelay: 500,
    reconnectionDelayMax: 15_000,
    randomizationFactor: 0.5,
    timeout: 10_000,
  });
}
