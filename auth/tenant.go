package auth

const maxTenantLength = 253 // of a domain name

// validTenant reports whether a tenant is an id or a domain name, safe to become part of a URL's path.
func validTenant(tenant string) bool {
	if tenant == "" || len(tenant) > maxTenantLength || tenant[0] == '.' {
		return false
	}
	for _, c := range []byte(tenant) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.':
		default:
			return false
		}
	}
	return true
}
