import { createServer, type Server } from 'node:http';

/** Somebody's website on another origin, with hostile style sheets of its own and the chat's snippet on it. */
export class HostPage {
  private constructor(private readonly server: Server, readonly url: string) {}

  static async with(snippet: string): Promise<HostPage> {
    const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Harbour Food Bank</title>
      <style>* { letter-spacing: .3px; box-sizing: content-box } button { background: #ff00ff; border: 9px solid lime; font-size: 30px } div { margin: 3px }</style></head>
      <body><main><h1>Harbour Food Bank</h1><p>We share what there is.</p><button type="button">Donate</button></main>${snippet}</body></html>`;
    const server = createServer((_request, response) => { response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html); });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    // Another host name as well as another port: another site for the browser, as on the real web.
    return new HostPage(server, `http://localhost:${(server.address() as { port: number }).port}/`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => { this.server.close(resolve); });
  }
}
