// A browser starts no web worker for a page that is opened from a folder (file://), and the search of the site runs in
// one. There, this class runs the script of a worker in a hidden frame instead. mkdocs-material's plugin "offline" would
// load such a script from another server if the settings did not name this one.
if (location.protocol === "file:") {
  window.IFrameWorker = class extends EventTarget {
    constructor(url) {
      super()
      const frame = document.createElement("iframe")
      frame.hidden = true
      frame.srcdoc = "<!doctype html><title>worker</title>"
      this.scope = new Promise((resolve, reject) => {
        frame.onload = () => {
          const scope = frame.contentWindow
          scope.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }))
          const script = scope.document.createElement("script")
          script.src = url
          script.onload = () => resolve(scope)
          script.onerror = reject
          scope.document.head.append(script)
        }
      })
      document.documentElement.append(frame)
    }

    postMessage(data) {
      this.scope.then((scope) => scope.dispatchEvent(new scope.MessageEvent("message", { data })))
    }
  }
  window.Worker = window.IFrameWorker
}
