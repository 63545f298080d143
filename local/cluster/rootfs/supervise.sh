#!/bin/bash
# Starts the parts of the node, and restarts what ends, with a line in /var/log/node/node.log. Each part waits for what it needs.
set -uo pipefail
log=/var/log/node
address=@NODE_ADDRESS@
etcd=http://127.0.0.1:2379
kubernetes=/etc/kubernetes
pki=$kubernetes/pki

say() { echo "$(date -u +%FT%TZ) $*" >> $log/node.log; }

keep() { # NAME COMMAND...
  while :; do
    "${@:2}" >> "$log/$1.log" 2>&1
    say "$1 ended with status $?, see $1.log; restarting it"
    sleep 1
  done &
}

mkdir -p $log
say "node starts"

# The machine plugs in its end of the cable (network.ts).
ip link set lo up
until ip link show eth0 > /dev/null 2>&1; do sleep 0.05; done
ip address add "$address/30" dev eth0
ip link set eth0 up
echo 1 > /proc/sys/net/ipv4/ip_forward
# No default route, so that attempts to reach the internet fail at once. Service addresses need some route before kube-proxy rewrites them.
ip route add 10.96.0.0/16 dev eth0

keep etcd etcd --name=node --data-dir=/var/lib/etcd --log-level=warn --logger=zap \
  --listen-client-urls=$etcd --advertise-client-urls=$etcd \
  --listen-peer-urls=http://127.0.0.1:2380 --initial-advertise-peer-urls=http://127.0.0.1:2380 --initial-cluster=node=http://127.0.0.1:2380

keep containerd containerd --log-level=warn

keep kube-apiserver /opt/kubernetes kube-apiserver \
  --advertise-address=$address --secure-port=6443 --etcd-servers=$etcd --service-cluster-ip-range=10.96.0.0/16 \
  --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged=true \
  --client-ca-file=$pki/ca.crt --tls-cert-file=$pki/apiserver.crt --tls-private-key-file=$pki/apiserver.key \
  --kubelet-client-certificate=$pki/apiserver-kubelet-client.crt --kubelet-client-key=$pki/apiserver-kubelet-client.key \
  --kubelet-preferred-address-types=InternalIP \
  --service-account-issuer=https://kubernetes.default.svc.cluster.local \
  --service-account-key-file=$pki/sa.pub --service-account-signing-key-file=$pki/sa.key \
  --proxy-client-cert-file=$pki/front-proxy-client.crt --proxy-client-key-file=$pki/front-proxy-client.key \
  --requestheader-client-ca-file=$pki/front-proxy-ca.crt --requestheader-allowed-names=front-proxy-client \
  --requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group --requestheader-extra-headers-prefix=X-Remote-Extra-

# The others give up early if no server answers.
until (: < /dev/tcp/$address/6443) 2> /dev/null; do sleep 0.1; done

keep kube-controller-manager /opt/kubernetes kube-controller-manager \
  --kubeconfig=$kubernetes/controller-manager.conf --bind-address=127.0.0.1 --leader-elect=false --use-service-account-credentials \
  --root-ca-file=$pki/ca.crt --service-account-private-key-file=$pki/sa.key \
  --cluster-signing-cert-file=$pki/ca.crt --cluster-signing-key-file=$pki/ca.key

keep kube-scheduler /opt/kubernetes kube-scheduler --kubeconfig=$kubernetes/scheduler.conf --bind-address=127.0.0.1 --leader-elect=false

# before the pods, because they look for Services as soon as they run
keep kube-proxy /opt/kubernetes kube-proxy --config=/etc/node/kube-proxy.yaml

# It replaces its whole table of rules each time. With the other kind of iptables it has its own table, apart from kube-proxy's.
mkdir /run/iptables-legacy
for name in iptables iptables-save iptables-restore; do ln -s /usr/sbin/xtables-legacy-multi /run/iptables-legacy/$name; done
keep network-policies env PATH=/run/iptables-legacy:$PATH /opt/network-policies \
  --kubeconfig=$kubernetes/network-policies.conf --service-cluster-ip-range=10.96.0.0/16 --enable-ipv6=false

keep kubelet /opt/kubernetes kubelet --config=/etc/node/kubelet.yaml --kubeconfig=$kubernetes/kubelet.conf --node-ip=$address

wait
