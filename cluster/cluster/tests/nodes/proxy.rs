//! A proxy between two nodes that can be cut or frozen.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

pub struct Proxy {
    port: u16,
    sockets: Arc<Mutex<Vec<TcpStream>>>,
    is_frozen: Arc<AtomicBool>,
}

impl Proxy {
    /// Passes connections on to a port of this machine.
    pub fn new(target: u16) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Proxy {
            port: listener.local_addr().unwrap().port(),
            sockets: Arc::default(),
            is_frozen: Arc::default(),
        };
        let (sockets, is_frozen) = (proxy.sockets.clone(), proxy.is_frozen.clone());
        thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let far = TcpStream::connect(("127.0.0.1", target)).unwrap();
                let mut all = sockets.lock().unwrap();
                all.push(near.try_clone().unwrap());
                all.push(far.try_clone().unwrap());
                pass(near.try_clone().unwrap(), far.try_clone().unwrap(), is_frozen.clone());
                pass(far, near, is_frozen.clone());
            }
        });
        proxy
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Closes every connection.
    pub fn cut(&self) {
        for socket in self.sockets.lock().unwrap().drain(..) {
            let _closed_already = socket.shutdown(Shutdown::Both);
        }
    }

    /// Swallows everything from now on.
    pub fn freeze(&self) {
        self.is_frozen.store(true, Ordering::SeqCst);
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, is_frozen: Arc<AtomicBool>) {
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            if !is_frozen.load(Ordering::SeqCst) && to.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        let _closed_already = to.shutdown(Shutdown::Both);
    });
}
