import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiParam, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Public } from '../../identity/access/access.decorators.js';
import { answers } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { RemotePictureAddresses } from '../../platform/remote-pictures/remote-picture-addresses.js';
import { RemotePictures } from '../../platform/remote-pictures/remote-pictures.service.js';

const Picture = z.custom<Buffer>().meta({ type: 'string', format: 'binary' });

/** Hands out pictures from elsewhere to whoever holds an address that we signed. */
@Public()
@Controller('remote-pictures')
export class RemotePicturesController {
  constructor(private readonly addresses: RemotePictureAddresses, private readonly pictures: RemotePictures) {}

  @Get(':token')
  @ApiParam({ name: 'token', type: String })
  @ApiProduces('image/*')
  @answers(Picture, { description: 'A picture from elsewhere, fetched by us' })
  async show(@Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    const { address, secondsLeft } = this.addresses.read(token);
    const picture = await this.pictures.fetch(address);
    if (!picture) throw notFound();
    void reply.headers({
      'Content-Type': picture.type, 'Content-Security-Policy': "sandbox; default-src 'none'", 'Cross-Origin-Resource-Policy': 'same-origin', 'Cache-Control': `private, max-age=${secondsLeft}, immutable`,
    }).send(picture.bytes);
  }
}
