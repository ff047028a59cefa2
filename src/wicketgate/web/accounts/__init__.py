"""Who signs in: accounts, and how the identity provider's word becomes one."""
