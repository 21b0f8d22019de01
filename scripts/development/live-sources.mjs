/** Vite, twice: serving the window's sources with live reload, and building the main process again. */
import { loadConfigFromFile, resolveConfig } from 'electron-vite'
import { build, createServer } from 'vite'
import { inCheckout, root } from '../preparation/checkout.mjs'

/**
 * Serves the renderer's sources on this machine alone and passes calls on to the studio.
 * @param {number} port
 * @param {{ origin: string, token: string, firstCookie: string, cookie: string }} studio
 * @returns {Promise<string>} the address to open
 */
export async function serveSources(port, studio) {
  const { config } = await loadConfigFromFile({ command: 'serve', mode: 'development' }, undefined, root)
  const server = await createServer({
    ...config.renderer,
    configFile: false,
    root: inCheckout('src', 'renderer'),
    server: { host: '127.0.0.1', port, proxy: proxyTo(studio) },
    logLevel: 'warn',
  })
  await server.listen()
  return `http://127.0.0.1:${server.httpServer.address().port}/${studio.token}`
}

/**
 * The studio refuses pages of another origin and visitors without its cookie. A request of our own page is given the
 * studio's origin; a cookie of the first token stands for that of the present one, so a rebuilt studio knows the page.
 */
function proxyTo(studio) {
  const translate = (outgoing, incoming) => {
    const { origin, cookie, host } = incoming.headers
    if (origin === `http://${host}`) outgoing.setHeader('origin', studio.origin)
    if (cookie) outgoing.setHeader('cookie', cookie.replace(studio.firstCookie, studio.cookie))
  }
  const configure = (proxy) => {
    proxy.on('proxyReq', translate)
    proxy.on('proxyReqWs', translate)
  }
  const rule = { target: studio.origin, changeOrigin: true, configure }
  return { '^/\\?token=': rule, '/upload': rule, '/exports/': rule, '/rpc': { ...rule, ws: true } }
}

/** Builds the main process in place. Whether that went well; what went wrong has been printed. */
export async function rebuildMain() {
  try {
    process.env.NODE_ENV_ELECTRON_VITE = 'production'
    const { config } = await resolveConfig({ logLevel: 'warn' }, 'build', 'production')
    await build({ ...config.main, configFile: false })
    return true
  } catch (error) {
    console.error(error.message)
    return false
  }
}
