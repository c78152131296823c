import { createServer, type Server } from 'node:http';
import sharp from 'sharp';

/** Somebody else's web server: a picture at every address that ends in .png, a page everywhere else. */
export class PictureServer {
  readonly asked: string[] = [];
  private constructor(private readonly server: Server) {}

  static async start(): Promise<PictureServer> {
    const png = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#b45309' } }).png().toBuffer();
    const pictures: PictureServer = new PictureServer(createServer((request, answer) => {
      pictures.asked.push(request.url ?? '');
      // What it says of its type is never right.
      answer.setHeader('content-type', 'text/plain');
      answer.end(request.url?.endsWith('.png') ? png : '<html>No picture</html>');
    }));
    await new Promise<void>((resolve) => pictures.server.listen(0, '127.0.0.1', resolve));
    return pictures;
  }

  at(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}${path}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
