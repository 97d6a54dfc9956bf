// Records docs/pictures/watch.svg: the built plugin in a real terminal on the sandbox. `npm run picture` builds first.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { watchPicture } from './picture/watch-picture.ts'

const picture = await watchPicture()
writeFileSync(fileURLToPath(new URL('../docs/pictures/watch.svg', import.meta.url)), picture)
process.stdout.write(`docs/pictures/watch.svg: ${Math.ceil(picture.length / 1024)} KiB\n`)
