import { Global, Module } from '@nestjs/common';
import { RemotePictureAddresses } from './remote-picture-addresses.js';
import { RemotePictures } from './remote-pictures.service.js';

/** Pictures from elsewhere, shown without telling their server who looks. */
@Global()
@Module({ providers: [RemotePictures, RemotePictureAddresses], exports: [RemotePictures, RemotePictureAddresses] })
export class RemotePicturesModule {}
