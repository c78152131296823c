import type { ClientBase } from 'pg';

/**
 * Settings of every pool: a connection that PostgreSQL drops ends the statement on it, never the process. pg tells a loss also as an event,
 * and an event nobody hears is fatal; a pool hears it only for the connections nobody is using, whoever borrows one may forget to.
 */
export const SURVIVE_LOSS = { onConnect: (client: ClientBase): void => { client.on('error', () => undefined); } };
