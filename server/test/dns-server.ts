import { createSocket, type Socket } from 'node:dgram';

const TXT = 16;
const NAME_ERROR = 3;

/** A name server of one test, that knows the TXT records it is given and nothing else. */
export class DnsServer {
  private constructor(private readonly socket: Socket, private readonly records: Map<string, string[]>) {}

  static async start(records: Record<string, string[]>): Promise<DnsServer> {
    const socket = createSocket('udp4');
    const server = new DnsServer(socket, new Map(Object.entries(records)));
    socket.on('message', (query, { port, address }) => socket.send(server.answer(query), port, address));
    await new Promise<void>((resolve) => { socket.bind(0, '127.0.0.1', () => resolve()); });
    return server;
  }

  /** As the setting DNS_SERVERS names it. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  add(name: string, ...texts: string[]): void {
    this.records.set(name, texts);
  }

  private answer(query: Buffer): Buffer {
    let at = 12;
    const labels: string[] = [];
    while (query[at] !== 0) {
      labels.push(query.subarray(at + 1, at + 1 + query[at]!).toString('latin1'));
      at += query[at]! + 1;
    }
    const question = query.subarray(12, at + 5);
    const texts = query.readUInt16BE(at + 1) === TXT ? this.records.get(labels.join('.').toLowerCase()) ?? [] : [];
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | (texts.length === 0 ? NAME_ERROR : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(texts.length, 6);
    const answers = texts.map((text) => {
      const pieces = text.match(/.{1,255}/gs) ?? [''];
      const data = Buffer.concat(pieces.map((piece) => Buffer.concat([Buffer.from([piece.length]), Buffer.from(piece, 'latin1')])));
      const fixed = Buffer.alloc(12);
      fixed.writeUInt16BE(0xc00c, 0);
      fixed.writeUInt16BE(TXT, 2);
      fixed.writeUInt16BE(1, 4);
      fixed.writeUInt32BE(60, 6);
      fixed.writeUInt16BE(data.length, 10);
      return Buffer.concat([fixed, data]);
    });
    return Buffer.concat([header, question, ...answers]);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => { this.socket.close(() => resolve()); });
  }
}
