import { readPacket, separator } from './packet';

/** One connection of either transport. `close` is silent: `lost` is called only when the other side or the network ended it. */
export interface Line {
  send(packet: string): void;
  close(): void;
}

export interface LineHandlers {
  packet(text: string): void;
  lost(): void;
}

const path = '/socket.io/?EIO=4&transport=';

/** A WebSocket. */
export function webSocketLine(on: LineHandlers): Line {
  const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}${path}websocket`);
  let closed = false;
  socket.onmessage = (event) => on.packet(String(event.data));
  socket.onclose = () => { if (!closed) on.lost(); };
  return {
    send: (packet) => { if (socket.readyState === WebSocket.OPEN) socket.send(packet); },
    close() {
      closed = true;
      socket.close();
    },
  };
}

/** Long polling, for networks that let no WebSocket through. */
export function pollingLine(on: LineHandlers): Line {
  const stop = new AbortController();
  let address = `${path}polling`;
  let sending: Promise<unknown> = Promise.resolve();
  const lost = (): void => {
    if (stop.signal.aborted) return;
    stop.abort();
    on.lost();
  };
  const fetchText = async (init?: RequestInit): Promise<string> => {
    const response = await fetch(`${address}&t=${Date.now().toString(36)}`, { ...init, signal: stop.signal });
    if (!response.ok) throw new Error(String(response.status));
    return response.text();
  };
  const listen = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      for (const packet of (await fetchText()).split(separator)) {
        const read = readPacket(packet, '');
        if (read?.kind === 'open') address += `&sid=${encodeURIComponent(read.sid)}`;
        on.packet(packet);
      }
    }
  };
  listen().catch(lost);
  return {
    // One request at a time keeps the packets in order.
    send: (packet) => { sending = sending.then(() => fetchText({ method: 'POST', body: packet })).catch(lost); },
    close: () => stop.abort(),
  };
}
